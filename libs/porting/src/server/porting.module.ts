import { Module } from '@nestjs/common';

const useCases = [] as const;

@Module({ controllers: [], providers: [...useCases], exports: [...useCases] })
export class PortingModule {}
